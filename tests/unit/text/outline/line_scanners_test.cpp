// COBOL, Visual Basic, SQL: read line by line or statement by statement.
#include <doctest/doctest.h>

#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

Reading read(std::string_view language, std::string_view text) { return {TextKind::code, language, text}; }

}  // namespace

TEST_CASE("COBOL in columns: paragraphs of a program, with their remarks") {
    const auto code = read("cobol", R"~(000100 IDENTIFICATION DIVISION.
000200 PROGRAM-ID. PAYROLL.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  EMPLOYEE-RECORD.
           05 IN-RECORD PIC X(8).
       PROCEDURE DIVISION USING X.
       MAIN-LINE.
           PERFORM CALC-TAX.
           DISPLAY "DON'T".
           GOBACK.
      * How the tax is computed.
       CALC-TAX.
           MOVE IN-CALC TO B
           EXIT.
       PRINTING SECTION.
       PRINT-ALL.
           DISPLAY IN-PRINT.
)~");
    CHECK(code.label("IN-RECORD") == "PAYROLL.WORKING-STORAGE");
    CHECK(code.label("PERFORM CALC") == "PAYROLL.MAIN-LINE");
    CHECK(code.label("GOBACK") == "PAYROLL.MAIN-LINE");
    CHECK(code.label("* How") == "PAYROLL.CALC-TAX");
    CHECK(code.label("IN-CALC") == "PAYROLL.CALC-TAX");
    CHECK(code.label("IN-PRINT") == "PAYROLL.PRINTING.PRINT-ALL");
    CHECK(code.strength("      * How") == Strength::section);
    CHECK(code.strength("       01  EMP") == Strength::block);
}

TEST_CASE("free COBOL: paragraphs begin at the margin") {
    const auto code = read("cobol",
                           "program-id. demo.\nprocedure division.\nfirst-one.\n    display 'a'. *> don't\n    stop "
                           "run.\nsecond-one.\n    in-second.\n");
    CHECK(code.label("display") == "demo.first-one");
    CHECK(code.label("in-second") == "demo.second-one");
}

TEST_CASE("Visual Basic: procedures of a module, however they are indented") {
    const auto code = read("visual basic", R"~(Attribute VB_Name = "Invoices"
Option Explicit
' Adds up.
Public Function Total(ByVal n As Long) As Double
ErrHandler:
    in_total
Exit Function
End Function

Private Sub Form_Load()
Call Sub2("End Sub") _
    , in_continued
End Sub
Property Get Name() As String
    in_get
End Property
Type Line
    in_type As Long
End Type
after_all
)~");
    CHECK(code.label("' Adds up") == "Invoices.Total");
    CHECK(code.label("in_total") == "Invoices.Total");
    CHECK(code.label("in_continued") == "Invoices.Form_Load");
    CHECK(code.label("in_get") == "Invoices.Name");
    CHECK(code.label("in_type") == "Invoices.Line");
    CHECK(code.label("after_all") == "Invoices");
    CHECK(code.strength("' Adds up") == Strength::section);
    CHECK(code.strength("End Sub\nProperty") == Strength::inside);
}

TEST_CASE("Visual Basic .NET: classes in namespaces") {
    const auto code = read("visual basic",
                           "Namespace Shop\n    Public Class Cart\n        Public Sub Add()\n            in_add\n      "
                           "  End Sub\n        Dim in_cart\n    End Class\n    in_shop\nEnd Namespace\n");
    CHECK(code.label("in_add") == "Shop.Cart.Add");
    CHECK(code.label("in_cart") == "Shop.Cart");
    CHECK(code.label("in_shop") == "Shop");
}

TEST_CASE("SQL: what is created gives the name until its statement ends") {
    const auto code = read("sql", R"~(-- Orders; don't split here.
CREATE TABLE IF NOT EXISTS shop."orders" (
    in_table INT DEFAULT ';' -- it's
);
INSERT INTO orders VALUES ('it''s; here');
CREATE UNIQUE INDEX by_day ON orders (in_index);
create or replace function total(n int) returns int as $body$
begin
    select in_function; -- don't
end;
$body$ language plpgsql;
SELECT after_function;
CREATE PROCEDURE [dbo].[Close] AS
BEGIN
    IF x THEN y; END IF;
    SELECT CASE WHEN a THEN b END;
    in_procedure;
END;
SELECT after_procedure;
CREATE PACKAGE BODY pay AS
    PROCEDURE add(x INT) IS
    BEGIN
        in_add;
    END add;
    FUNCTION total RETURN INT IS BEGIN RETURN in_total; END;
END pay;
/
DROP TABLE after_package;
CREATE PROC p2 AS
SELECT in_p2; SELECT still_p2;
GO
SELECT after_go;
)~");
    CHECK(code.label("-- Orders") == "shop.orders");
    CHECK(code.label("in_table") == "shop.orders");
    CHECK(code.label("INSERT").empty());
    CHECK(code.label("in_index") == "by_day");
    CHECK(code.label("in_function") == "total");
    CHECK(code.label("after_function").empty());
    CHECK(code.label("in_procedure") == "dbo.Close");
    CHECK(code.label("after_procedure").empty());
    CHECK(code.label("in_add") == "pay.add");
    CHECK(code.label("in_total") == "pay.total");
    CHECK(code.label("after_package").empty());
    CHECK(code.label("still_p2") == "p2");
    CHECK(code.label("after_go").empty());
    CHECK(code.strength("-- Orders") == Strength::section);
    CHECK(code.strength("    in_table") == Strength::inside);
}
