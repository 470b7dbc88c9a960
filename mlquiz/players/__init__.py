"""Who answers: a person at a terminal, a program over JSON lines, a list of replies."""
