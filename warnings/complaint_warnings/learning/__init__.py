"""What the closed cases teach: figures of a month, groups of complaints, missed ones, a library of cases."""
