"""Reading across: one question with everybody's answers, search over what was handed in, what an officer means to ask."""
