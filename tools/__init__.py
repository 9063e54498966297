"""What keeps the house in order: set-up and checks. Standard library only."""
