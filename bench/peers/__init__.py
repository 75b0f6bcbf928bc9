"""What a user would pick instead: other languages for a mapping, other clients for Salesforce."""
