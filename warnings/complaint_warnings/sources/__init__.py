"""What warns beside the calls: reports of the house's people, monitors over stored data, public opinion."""
