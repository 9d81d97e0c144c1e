"""Pages of duties (责任人): the roster, one duty with its forms, hand-over by list."""
