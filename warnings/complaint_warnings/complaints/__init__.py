"""Complaints that arrived: acceptance, receipt, evidence on hold, classification, callbacks, answers."""
