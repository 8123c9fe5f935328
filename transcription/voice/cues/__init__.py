"""What the measures amount to: raised, agitated, withdrawn voices, and how a call goes on."""
