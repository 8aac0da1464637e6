"""Questions as values: reading, checking, drawing and grading them, without Flask and without a database."""
