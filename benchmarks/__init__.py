"""What is measured against peers: whole processes, side by side, in one run."""
