"""How well arousal tells anger: labelled clips of acted emotion, judged by each speaker's calm voice."""
