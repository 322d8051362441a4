"""Faces: removes the recognisable surface of heads from volumes (PS3.15 E.3.2, Clean Recognizable Visual Features)."""
