"""What a scanned plate answers: pages for residents."""
