"""What the makers of the house need and its users do not: set-up, throw-away servers, vendored files."""
