"""What ended runs of stages leave behind: how long they took and how they ended, for the metrics."""
