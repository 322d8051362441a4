"""deid recipes: a site's own header rules, filters that route or reject, and the pixel coordinates of known devices."""

from gateway.recipes.recipes import Recipes, Route

__all__ = ["Recipes", "Route"]
