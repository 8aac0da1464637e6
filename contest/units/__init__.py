"""Where an entrant is from: the dated tree of districts, communes and organisations."""
