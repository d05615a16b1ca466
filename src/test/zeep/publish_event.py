"""Reads the hub's WSDL with zeep and publishes a work order in SOAP 1.1 and 1.2.

Usage: publish_event.py WSDL-ADDRESS KEY
Prints one line a call: the port, how it authenticated, and the event's id or the fault.
"""
import datetime
import sys
import time

import requests
import zeep
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken


def order(number, version):
    return {
        "externalId": number,
        "version": version,
        "updatedAt": datetime.datetime(2026, 1, 31, 8, 0, tzinfo=datetime.timezone.utc),
        "number": number,
        "description": "Sent by zeep",
        "maintenanceCategory": "corrective",
        "lifecycle": "released",
    }


def main():
    address, key = sys.argv[1:3]
    session = requests.Session()
    session.headers["X-API-Key"] = key
    with_header = zeep.Client(address, transport=Transport(session=session))
    with_token = zeep.Client(address, wsse=UsernameToken("erp", key))
    version = int(time.time() * 1000)
    for port in ("EventsSoap11Port", "EventsSoap12Port"):
        for name, client in (("header", with_header), ("token", with_token)):
            service = client.bind("EventsService", port)
            answer = service.PublishEvent(workOrder=order("Z-%s-%s" % (port, name), version))
            print(port, name, answer.status, answer.id)
    try:
        broken = order("Z-broken", version)
        broken["maintenanceCategory"] = "no such category"
        with_header.bind("EventsService", "EventsSoap12Port").PublishEvent(workOrder=broken)
        print("no fault")
    except zeep.exceptions.Fault as fault:
        print("fault", fault.message)


main()
