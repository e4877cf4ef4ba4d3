def make(n, seed):
    return [[(seed * (i - j) * (i + j)) / n for j in range(n)] for i in range(n)]


def multiply(a, b, n):
    out = []
    for i in range(n):
        row, result = a[i], []
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += row[k] * b[k][j]
            result.append(total)
        out.append(result)
    return out


def run(n):
    c = multiply(make(n, 1 / n), make(n, 2 / n), n)
    trace = 0.0
    for i in range(n):
        trace += c[i][i]
    return trace
