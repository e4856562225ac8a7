"""Commands about programmes and their forms."""
