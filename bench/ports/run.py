# pypy3 run.py PROGRAM N ROUNDS: runs once to warm up, then prints a line per round: CPU ms and checksum.
import runpy
import sys
import time

run = runpy.run_path(sys.argv[1])["run"]
n, rounds = int(sys.argv[2]), int(sys.argv[3])
run(n)
for _ in range(rounds):
    before = time.process_time()
    checksum = run(n)
    print("%.3f %.17g" % ((time.process_time() - before) * 1000, checksum))
