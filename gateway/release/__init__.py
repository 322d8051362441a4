"""Destinations of verified studies."""
