"""Business data (数据集) that departments hang on address codes, shown by class and by role."""
