"""Progress charts: PNG images and their alt text."""
