"""A small model that reads two texts together: for finding answers and for comparing claims."""
