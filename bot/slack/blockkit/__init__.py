"""Block Kit building blocks: blocks, inputs, rich text, tables, mentions."""
