"""Engines that read text, one file each (and its parts)."""
