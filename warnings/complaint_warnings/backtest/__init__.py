"""How well the score foretold complaints that really arrived, and weights proposed from them."""
