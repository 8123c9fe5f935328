"""Who speaks: sides by channel or by voice, and who is the agent."""
