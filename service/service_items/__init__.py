"""What a plate offers besides its address: services (办事服务), and places of service nearby."""
