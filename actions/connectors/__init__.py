"""What connectors to other systems share: HTTP that minds its manners, and finding one by its dotted name."""
