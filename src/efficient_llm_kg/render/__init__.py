"""How answers are shown: tables, trees, cards, graph formats, pages."""
