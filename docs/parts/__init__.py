"""The generated parts of the docs, each made from the code it describes."""
