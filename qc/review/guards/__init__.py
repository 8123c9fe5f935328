"""What must hold for a step, as pure named functions of the ticket, the actor and the document."""
