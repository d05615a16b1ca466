package dev.cmmshub.bench;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** SAP S/4HANA maintenance orders of 1.1 kB as OData V2 sends them. */
final class WorkOrders {
  private WorkOrders() {}

  static byte[] body(int number, long version) {
    return """
        {"d":{"MaintenanceOrder":"%d","MaintOrderRoutingNumber":"1000000063",\
        "MaintenanceOrderType":"YBA2","MaintenanceOrderDesc":"Replace mechanical seal, feed pump %d",\
        "MaintOrdBasicStartDate":"/Date(1782432000000)/","MaintOrdBasicStartTime":"PT06H00M00S",\
        "MaintOrdBasicEndDate":"/Date(1782518400000)/","MaintOrdBasicEndTime":"PT14H30M00S",\
        "ScheduledBasicStartDate":"/Date(1782432000000)/","ScheduledBasicStartTime":"PT06H00M00S",\
        "ScheduledBasicEndDate":"/Date(1782518400000)/","ScheduledBasicEndTime":"PT14H30M00S",\
        "MaintenanceNotification":"10000002","MainWorkCenter":"RES-0300",\
        "MainWorkCenterPlant":"1710","MaintenancePlanningPlant":"1710","MaintenancePlant":"1710",\
        "Assembly":"","CompanyCode":"1710","CostCenter":"17101301","Equipment":"217100002",\
        "EquipmentName":"Feed pump","FunctionalLocation":"1710-SPA-SAC-PLAR1-INLT",\
        "MaintenancePlannerGroup":"930","MaintenanceActivityType":"YB4","MaintPriority":"2",\
        "MaintPriorityType":"PM","ControllingObjectClass":"OC",\
        "LastChangeDateTime":"/Date(%d)/","SystemStatusText":"REL  CNF  GMPS MANC PRC","UserStatusText":"",\
        "TechnicalObject":"000000000217100002","TechObjIsEquipOrFuncnlLoc":"EAMS_EQUI"}}"""
        .formatted(4_000_000 + number, number, version)
        .getBytes(StandardCharsets.UTF_8);
  }

  static Event event(String tenant, int number, long version) {
    EventKey key = new EventKey(tenant, "sap", "workorder", Integer.toString(4_000_000 + number));
    UUID id = EventIds.ofVersion(key, version);
    return new Event(
        id.toString(),
        Event.type("workorder", "changed"),
        "workorder/" + key.externalId(),
        key,
        version,
        Instant.ofEpochMilli(version),
        "application/json",
        null,
        id.toString(),
        null,
        body(number, version));
  }
}
