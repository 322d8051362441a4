"""Documents inside instances (PS3.3 A.45, C.24.2): replaced by a placeholder, or a PDF drawn anew from its masked pages."""
