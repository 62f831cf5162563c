"""What the demo asks: questions as the documents of each system ask them, and as its users would go on."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["QUESTIONS", "Question"]


class Question(NamedTuple):
    """A question to the sample CRM; `system` is whose names and language it uses."""

    title: str
    system: str
    language: str
    entity: str
    text: str


QUESTIONS = (
    Question(
        "Notes on products, with the product",
        "Resco",
        "odata",
        "annotation",
        "$select=id,subject,filesize,__objectid_id&$expand=objectid_product&$filter=objectid_product/id ne null",
    ),
    Question(
        "The best customers of two countries, by functions of text",
        "Resco",
        "odata",
        "account",
        "$filter=contains(tolower(name),'ba') and startswith(address1_country,'S') and revenue gt 1000000"
        "&$select=name,address1_city,address1_country,revenue&$orderby=revenue desc,name&$top=5",
    ),
    Question(
        "Not in London, no million in revenue: unknown cities and revenues count as well",
        "Resco",
        "odata",
        "account",
        "$filter=address1_city ne 'London' and not (revenue gt 1000000)"
        "&$select=name,address1_city,revenue&$orderby=revenue,name&$top=5",
    ),
    Question(
        "A large order shipped, and an address for every contact",
        "Resco",
        "odata",
        "account",
        "$filter=orders/any(o:o/totalamount gt 40000 and o/status eq 'shipped')"
        " and contacts/all(c:c/emailaddress1 ne null)&$select=name,telephone1&$orderby=name&$top=5",
    ),
    Question(
        "Customers since 2019 or 2020 with the most orders",
        "Resco",
        "odata",
        "account",
        "$filter=year(createdon) in (2019,2020) and orders/$count ge 3"
        "&$orderby=orders/$count desc,name&$select=name,createdon&$top=5",
    ),
    Question(
        "Bakeries with their owner and their two youngest contacts",
        "Resco",
        "odata",
        "account",
        "$filter=contains(name,'Bakery')&$select=name&$orderby=name&$top=4&$expand=ownerid($select=fullname),"
        "contacts($select=firstname,birthdate;$filter=birthdate ne null;$orderby=birthdate desc;$top=2)",
    ),
    Question(
        "The third page of what belongs to the companies of one colleague",
        "Resco",
        "odata",
        "account",
        "$filter=parentaccountid/ownerid/fullname eq 'Ayşe Yılmaz'"
        "&$select=name,createdon&$orderby=createdon desc&$skip=6&$top=3&$count=true",
    ),
    Question(
        "Order lines worth more than 20,000, whose product nobody weighed",
        "Resco",
        "odata",
        "salesorderdetail",
        "$filter=quantity mul priceperunit gt 20000 and productid/stockweight eq null"
        "&$select=lineitemnumber,quantity,priceperunit&$orderby=quantity mul priceperunit desc&$top=5",
    ),
    Question(
        "Shipped orders by country: how many, and the largest",
        "Resco",
        "odata",
        "salesorder",
        "$apply=filter(status eq 'shipped')/groupby((customerid/address1_country),"
        "aggregate($count as orders,totalamount with max as largest))/filter(orders ge 30)"
        "&$orderby=orders desc&$top=5",
    ),
    Question(
        "The customer with the largest revenue of each country",
        "Resco",
        "odata",
        "account",
        "$apply=filter(address1_country ne null)/groupby((address1_country),topcount(1,revenue))"
        "&$select=address1_country,name,revenue&$orderby=revenue desc&$top=5",
    ),
    Question(
        "Large banks: plain enough for every language",
        "Vtiger",
        "odata",
        "Accounts",
        "$filter=industry eq 'Banking' and employees gt 1000"
        "&$select=accountname,employees&$orderby=accountname&$top=5",
    ),
    Question(
        "The largest companies that are no banks, by FetchXML",
        "Resco",
        "fetchxml",
        "account",
        """<fetch count="5">
  <entity name="account">
    <attribute name="name"/>
    <attribute name="address1_city"/>
    <attribute name="revenue"/>
    <filter>
      <condition attribute="name" operator="not-like" value="%Bank%"/>
      <condition attribute="revenue" operator="not-null"/>
    </filter>
    <order attribute="revenue" descending="true"/>
  </entity>
</fetch>""",
    ),
    Question(
        "Notes of 2020 with a file of some size, or that are on nothing",
        "Resco",
        "fetchxml",
        "annotation",
        """<fetch count="5" page="2">
  <entity name="annotation">
    <attribute name="subject"/>
    <attribute name="filesize"/>
    <attribute name="createdon"/>
    <filter type="or">
      <filter>
        <condition attribute="createdon" operator="on-or-after" value="2020-01-01"/>
        <condition attribute="createdon" operator="on-or-before" value="2020-12-31"/>
        <condition attribute="filesize" operator="gt" value="1000000000"/>
      </filter>
      <condition attribute="__objectid_id" operator="null"/>
    </filter>
    <order attribute="createdon"/>
  </entity>
</fetch>""",
    ),
    Question(
        "People whose names are one of two",
        "Resco",
        "fetchxml",
        "contact",
        """<fetch count="4">
  <entity name="contact">
    <attribute name="firstname"/>
    <attribute name="lastname"/>
    <attribute name="birthdate"/>
    <filter>
      <condition attribute="lastname" operator="in">
        <value>Yılmaz</value>
        <value>O'Brien</value>
      </condition>
      <condition attribute="firstname" operator="ne" value="John"/>
    </filter>
    <order attribute="birthdate" descending="true"/>
  </entity>
</fetch>""",
    ),
    Question(
        "Firms that begin with A and are John's",
        "Logo",
        "criteria",
        "Firm",
        "FirmTitle Like 'A%' AND SalesRep.SalesRepPersonInfo.FirstName='John'",
    ),
    Question(
        "Much won, and nothing hopeless in sight",
        "Logo",
        "criteria",
        "Firm",
        "[Opportunities][IsWon = True].Sum(Amount) > 250000 And Not [Opportunities][Probability < 0.1]",
    ),
    Question(
        "Firms of 2020 without a tax number, a title of medium length and a known limit",
        "Logo",
        "criteria",
        "Firm",
        "IsNullOrEmpty(TaxNo) And Len(FirmTitle) Between (10, 20) And GetYear(CreatedOn) = 2020"
        " And CreditLimit Is Not Null",
    ),
    Question(
        "Subsidiaries in another city than their parent, by dates and a choice",
        "Logo",
        "criteria",
        "Firm",
        "City <> ParentFirm.City And CreatedOn >= #2019-01-01# And CreatedOn < #2022-01-01#"
        " And Iif(IsActive, CreditLimit, 0) > 100000",
    ),
    Question(
        "The same by Logo's service: a page of two properties, in order",
        "Logo",
        "logo",
        "Firm",
        "q=FirmTitle+Like+'A%'+AND+SalesRep.SalesRepPersonInfo.FirstName='John'"
        "&sort=FirmTitle&fields=FirmCode,FirmTitle&limit=4",
    ),
    Question(
        "The second page of active firms by the name of who looks after them",
        "Logo",
        "logo",
        "Firm",
        "q=IsActive = true And SalesRep Is Not Null&sort=SalesRep.SalesRepPersonInfo.LastName+DESC, FirmCode"
        "&fields=FirmCode,FirmTitle,City&limit=5&offset=5&withCount=true",
    ),
    Question(
        "Firms without a town, or with a tax office of İstanbul",
        "Logo",
        "logo",
        "Firm",
        "q=IsNullOrEmpty(City)+Or+TaxOffice='İstanbul'&sort=FirmTitle&fields=FirmTitle,City,TaxOffice&limit=5",
    ),
    Question(
        "Subscriptions on offer below 100 with VAT",
        "Resengo",
        "criteria",
        "Subscription",
        "Active And PriceExcVAT * (1 + VATPercentage / 100) < 100 And Not (DefaultNoPeriods In (1, 3))",
    ),
    Question(
        "What changed since July 2025: the second page",
        "Resengo",
        "resengo",
        "Subscription",
        "LastUpdatedBySomeoneElseSince=2025-06-30T12:00:00&NumberOfItemsPerPage=5&CurrentPageIndex=2",
    ),
    Question(
        "Three subscriptions by their numbers",
        "Resengo",
        "resengo",
        "Subscription",
        "SubscriptionID=123&SubscriptionID=145&SubscriptionID=201&Sorting=SubscriptionIDAscending",
    ),
    Question(
        "The changes that are longest ago",
        "Resengo",
        "resengo",
        "Subscription",
        "Sorting=UpdateDateAscending&NumberOfItemsPerPage=5&CurrentPageIndex=1",
    ),
    Question(
        "Banks and IT companies with an a",
        "Vtiger",
        "vtql",
        "Accounts",
        "SELECT accountname, phone FROM Accounts WHERE industry in ('Banking','IT') and accountname like '%a%'"
        " ORDER BY accountname LIMIT 5;",
    ),
    Question(
        "How many large sales were won?",
        "Vtiger",
        "vtql",
        "Potentials",
        "SELECT count(*) FROM Potentials WHERE sales_stage = 'Closed Won' and amount >= 100000;",
    ),
    Question(
        "The second page of the sales of half a year",
        "Vtiger",
        "vtql",
        "Potentials",
        "SELECT potentialname, closingdate, amount FROM Potentials WHERE closingdate >= '2020-01-01'"
        " and closingdate < '2020-07-01' and sales_stage != 'Closed Lost' ORDER BY closingdate LIMIT 5, 5;",
    ),
    Question(
        "Rated, but not as active, or large: here an unknown rating does not count",
        "Vtiger",
        "vtql",
        "Accounts",
        "SELECT accountname, rating, employees FROM Accounts WHERE rating != 'Active' and industry = 'IT'"
        " or employees > 1950 ORDER BY accountname LIMIT 5;",
    ),
)
