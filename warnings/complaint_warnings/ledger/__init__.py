"""投诉预警报备台账: what is reported, who signed it, how it is handled."""
