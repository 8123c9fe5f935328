"""What stands around the matched words and takes the accusation out of them."""
