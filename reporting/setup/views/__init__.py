"""Pages of setting up, at the distributors' desk."""
