"""The simulated APIs of documents as servers that anybody can ask."""
