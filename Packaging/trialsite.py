"""A site of the project's bundle in a folder of its own, for what tries and measures the daemon: crash-calls, soak and Benchmarks/intake."""
import contextlib, os, re, shutil, signal, sqlite3, subprocess, time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET = "whsec_Y3Jvc3Nkb2NrIHRyaWVzIGl0cyB3ZWJob29rcyE="


class TrialSite:
    def __init__(self, binary, root):
        self.binary, self.root = binary, root

    def call(self, *arguments, timeout=None, before=()):
        """Runs a command of the program in the site's folder, with both its outputs as one text."""
        return subprocess.run(
            [*before, self.binary, *arguments], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout)

    def configure(self, port, before="", after=""):
        """Writes crossdock.yaml with the carrier at a port of loopback; lines for the site, and for its target, come before and after."""
        text = open(HERE + "/crossdock.yaml").read().replace("127.0.0.1:8089", f"127.0.0.1:{port}").replace("Var/demo/webhook.secret", "webhook.secret")
        keys = set(re.findall(r"^(\w+):", before, re.M))
        text = "".join(line for line in text.splitlines(True) if line.split(":")[0] not in keys)
        with open(self.root + "/crossdock.yaml", "w") as file:
            file.write(before + text + after)

    def make(self, port, before="", after=""):
        """Makes the site with two roots, begins it, and has it take the customers and items of the samples."""
        os.makedirs(self.root + "/keys")
        for folder in ["Mappings", "Schemes", "Overrides", "Governance"]:
            shutil.copytree(f"{HERE}/{folder}", f"{self.root}/{folder}", ignore=shutil.ignore_patterns("allowed_signers", "in"))
        with open(self.root + "/Governance/allowed_signers", "w") as signers:
            for person in ["jo", "kim"]:
                key = f"{self.root}/keys/{person}"
                subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", key], check=True)
                public = " ".join(open(key + ".pub").read().split()[:2])
                signers.write(f'{person}@site namespaces="approve@crossdock,genesis@crossdock" {public}\n')
        with open(self.root + "/webhook.secret", "w") as file:
            file.write(SECRET + "\n")
        self.configure(port, before, after)
        self.checked("init", "--key", self.root + "/keys/jo", "--key", self.root + "/keys/kim")
        for feed in ["customers", "item-master"]:
            shutil.copytree(f"{HERE}/Samples/{feed}", f"{self.root}/Inbox/{feed}", dirs_exist_ok=True)
        self.checked("run", "--once")
        os.makedirs(self.root + "/Inbox/x12-orders", exist_ok=True)

    def keys(self, kind, column):
        """What a column of a record table has in the store."""
        with contextlib.closing(sqlite3.connect(f"file:{self.root}/Var/crossdock.sqlite?mode=ro", uri=True)) as store:
            return {row[0] for row in store.execute(f'SELECT {column} FROM "record_{kind}"')}

    def checked(self, *arguments):
        done = self.call(*arguments)
        if done.returncode:
            raise SystemExit(done.stdout)

    def drop(self, name, data):
        """Drops an X12 file whole: under a hidden name first."""
        hidden, path = f"{self.root}/Inbox/x12-orders/.{name}", f"{self.root}/Inbox/x12-orders/{name}"
        with open(hidden, "wb") as file:
            file.write(data)
        os.rename(hidden, path)


class Receiver:
    """The webhook receiver of the program in a folder, with its journal."""

    def __init__(self, binary, folder, before=()):
        os.makedirs(folder)
        self.binary, self.folder, self.journal = binary, folder, folder + "/journal"
        open(self.journal, "w").close()
        with open(folder + "/webhook.secret", "w") as file:
            file.write(SECRET + "\n")
        self.start("0", before)

    def start(self, port, before=()):
        """Starts it, or starts it again; `before` is what comes before the command."""
        with open(self.folder + "/log", "w") as log:
            self.process = subprocess.Popen(
                [*before, self.binary, "webhook-receiver", "--port", port, "--secret-file", self.folder + "/webhook.secret", "--journal", self.journal],
                stderr=log, start_new_session=True)
        for _ in range(200):
            found = re.search(r"127\.0\.0\.1:(\d+)", open(self.folder + "/log").read())
            if found:
                self.port = found.group(1)
                return
            time.sleep(0.05)
        raise SystemExit("the webhook receiver does not start:\n" + open(self.folder + "/log").read())

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def order(name, control, lines, customer="AM-100", promise="20350312", text=""):
    """An X12 interchange with one order.

    lines: number of each item and how many of it, as pairs. text: of a PID behind each line, if any."""
    number = f"{control:09d}"
    parts = [
        f"ISA*00*          *00*          *ZZ*ALPENMARKT     *ZZ*DOCKYARD       *261104*0815*U*00401*{number}*0*P*>", f"GS*PO*ALPENMARKT*DOCKYARD*20261104*0815*{control}*X*004010",
        "ST*850*0001", f"BEG*00*SA*{name}**20261102", "CUR*BY*EUR", f"DTM*002*{promise}*1400", f"N1*BY*BUYER*92*{customer}", "N1*ST*STORE*92*AM-DC1"]
    for line, (item, quantity) in enumerate(lines, 1):
        parts.append(f"PO1*{line}*{quantity}*EA*9.5**VP*{item}")
        if text:
            parts.append(f"PID*F****{text}")
    parts += [f"CTT*{len(lines)}", f"SE*{len(parts)}*0001", f"GE*1*{control}", f"IEA*1*{number}"]
    return ("~\n".join(parts) + "~\n").encode()
