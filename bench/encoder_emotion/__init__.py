"""Does a classifier on the features of the recogniser's encoder hear anger better than prosody does?"""
