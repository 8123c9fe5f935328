"""What the case system says beside the calls: cases, debtors, agreed times, collectors' notes."""
