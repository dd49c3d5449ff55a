# SPDX-License-Identifier: MPL-2.0
"""Drives a headless Chromium through its debugging pipe. Needs no other package.

    with Chromium() as browser:
        page = browser.page(360, dark=True)
        page.open("file:///tmp/report.html")
        page.evaluate("document.title")
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

LIMIT_S = 60


def find():
    """Returns the path of the program, or None if it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Chromium:
    """A browser process with its own profile, which is removed at the end."""

    def __init__(self):
        self._profile = tempfile.mkdtemp(prefix="clone-guard-browser.")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        log = open(os.path.join(self._profile, "log"), "wb")
        # Chromium reads and writes the pipe through the file descriptors 3 and 4.
        self._process = subprocess.Popen(
            ["bash", "-c", 'exec 3<&"$0" 4>&"$1" "${@:2}"', str(to_browser), str(from_browser), find(),
             "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             "--user-data-dir=" + self._profile, "--remote-debugging-pipe", "about:blank"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _receive(self, end):
        """Returns the next message. A zero byte ends each message."""
        while b"\0" not in self._rest:
            if not select.select([self._in], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("Chromium does not answer")
            data = os.read(self._in, 1 << 20)
            if not data:
                raise EOFError("Chromium has ended")
            self._rest += data
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        """Runs a command of the DevTools protocol. Events that arrive before its answer are kept in self.events."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + LIMIT_S
        while True:
            answer = self._receive(end)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event):
        """Waits for an event. It returns at once if the event has arrived."""
        end = time.monotonic() + LIMIT_S
        while not any(one.get("method") == event for one in self.events):
            self.events.append(self._receive(end))

    def page(self, width, height=900, dark=False, scale=1):
        return Page(self, width, height, dark, scale)


class Page:
    """A page on a device of a given size."""

    def __init__(self, browser, width, height, dark, scale):
        self._browser = browser
        self._width = width
        self._scale = scale
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.call("Runtime.enable")
        self._size(height)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)

    def _size(self, height):
        self.call("Emulation.setDeviceMetricsOverride", width=self._width, height=height,
                  deviceScaleFactor=self._scale, mobile=self._width < 600)

    def open(self, url):
        self._browser.events.clear()
        self.call("Page.navigate", url=url)
        self._browser.wait_for("Page.loadEventFired")

    def requests(self):
        """Returns the addresses of all requests since the page was opened."""
        return [one["params"]["request"]["url"] for one in self._browser.events
                if one.get("method") == "Network.requestWillBeSent"]

    def evaluate(self, expression):
        """Returns the value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def picture(self, path, height=None):
        """Writes a PNG of the whole page, or of its top HEIGHT pixels."""
        whole = self.evaluate("document.documentElement.scrollHeight")
        self._size(min(whole, height or whole))
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
