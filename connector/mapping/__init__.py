"""The mapping language: reads, checks and applies what a CRM admin wrote. Pure: no network, no clock."""
