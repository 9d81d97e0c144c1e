"""Business data (数据集) that departments hang on address codes: fields, values, who sees them."""
