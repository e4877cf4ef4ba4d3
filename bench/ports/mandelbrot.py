def run(n):
    total = 0
    for y in range(n):
        ci = (2 * y) / n - 1
        for x in range(n):
            cr = (2 * x) / n - 1.5
            zr = zi = 0.0
            rounds = 0
            while rounds < 50 and zr * zr + zi * zi <= 4:
                t = zr * zr - zi * zi + cr
                zi = 2 * zr * zi + ci
                zr = t
                rounds += 1
            if rounds == 50:
                total = (total * 31 + x + y * n) % 1000003
    return total
