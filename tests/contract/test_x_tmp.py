from tests.contract.conftest import *
import builtins
def P(*a): builtins.open("/tmp/t1/out","a").write(" ".join(map(str,a))+"\n")
def test_a(settled):
    assert settled.delta(bills=[bill("B2", account_id="A2", amount="5.00")]).code == 0
    d=settled.delta(bills=[bill("B2", amount="6.00")]); P(d.tables)
    P(settled.amounts(), settled.held())
    d=settled.delta(accounts=[account("A2")]); P(d.tables)
    P(settled.amounts(), settled.held(), settled.standing("bills")["B2"])
    assert 0
def test_b(settled):
    "faulty then good in same load"
    d=settled.delta(bills=[bill("B2", amount="x"),bill("B2", amount="6.00")]); P(d.tables)
    P(settled.amounts(), settled.held())
    d=settled.delta(bills=[bill("B3", amount="6.00"),bill("B3", amount="x")]); P(d.tables)
    P(settled.amounts(), settled.held())
    assert 0
def test_c(desk):
    "unchanged bills, account withdrawn"
    accounts = [account(f"A{n}") for n in range(1, 5)]
    bills = [bill(f"B{n}", account_id=f"A{n}") for n in range(1, 5)]
    desk.whole(accounts=accounts, bills=bills)
    d=desk.whole(accounts=accounts[:3], bills=bills, said={"kind": "full"}); P(d.tables)
    P(desk.held(), desk.amounts(), desk.owed())
    d=desk.delta(accounts=[accounts[3]]); P(d.tables, desk.owed())
    assert 0
def test_d(desk):
    "overflow of sums"
    d=desk.whole(bills=[bill(f"B{n}", amount="9"*15+".99") for n in range(100)]); P(d.tables)
    P(desk.owed())
    assert 0
def test_e(settled):
    d=settled.whole(accounts=[account("A1",currency="USD")]); P(d, settled.held())
    d=settled.delta(bills=[bill("B7")]); P(d.tables, settled.held())
    d=settled.delta(customers=[customer("C2"),customer("C2",segment="odd")], accounts=[account("A2",customer_id="C2")]); P(d.tables, settled.held())
    assert 0
def test_f(desk):
    "full load forgets quarantine of absent rows; same-file full"
    b=[bill(f"B{n}") for n in range(5)]
    desk.whole(bills=[*b,bill("X",amount="x")]); P(desk.held())
    d=desk.whole(bills=[*b,bill("X",amount="x")],said={"kind":"full"}); P(d.tables, desk.held())
    d=desk.whole(bills=b,said={"kind":"full"}); P(d.tables, desk.held())
    assert 0
def test_g(desk):
    "full of the same accounts, customer withdrawn"
    desk.whole(customers=[customer(f"C{n}") for n in range(1,5)],accounts=[account("A1",customer_id="C4")])
    d=desk.whole(customers=[customer(f"C{n}") for n in range(1,4)],accounts=[account("A1",customer_id="C4")],said={"kind":"full"}); P("g",d.tables, desk.held())
