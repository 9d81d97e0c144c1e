"""Areas of responsibility (责任区) and the duties people hold in them."""
