class Tree:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None or self.right is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    return Tree(None, None) if depth == 0 else Tree(build(depth - 1), build(depth - 1))


def run(n):
    long = build(n)
    total = 0
    for depth in range(4, n + 1, 2):
        for _ in range(2 ** (n - depth + 4)):
            total += build(depth).count()
    return total + long.count()
