"""Evidence of one call in one archive that anybody can check without this installation."""
